"""Demo data, deterministic and plainly invented: the same generator feeds the demo, the tests and the benchmarks."""

from demo.registers import DEMO_SCALE, register, typed
from demo.workbooks import DEFECTS, DemoWorkbook, workbook

__all__ = ["DEFECTS", "DEMO_SCALE", "DemoWorkbook", "register", "typed", "workbook"]
