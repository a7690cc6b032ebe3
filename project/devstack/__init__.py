"""The local stack: private PostgreSQL and Redis servers, and the supervisor of its programs."""
