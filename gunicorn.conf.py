"""What gunicorn reads by itself in the folder it is started in; see project/web_server.py."""

logger_class = "project.web_server.Logger"


def post_fork(server: object, worker: object) -> None:
    from project import web_server  # found only once gunicorn has put this folder on the path

    web_server.post_fork(server, worker)
