"""From a verdict to a register: differences, statement, signature, receipt, review, follow-up of a return."""
