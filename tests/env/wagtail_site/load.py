"""Make the database and the pages that `items.json` lists, then serve them on a free loopback port.

Needs DJANGO_SETTINGS_MODULE=settings. Prints the port first and serves until standard input closes.
"""

import json
import sys
import threading
from datetime import date
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application


class Threaded(ThreadingMixIn, WSGIServer):
    """Answers requests side by side."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *args):
        """Say nothing."""


def load(items):
    """Make the tree of pages."""
    from news.models import DocumentPage, HomePage, NewsIndexPage, NewsPage
    from wagtail.models import Locale, Page, Site

    Locale.objects.get_or_create(language_code="vi")
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Cổng thử nghiệm", slug="trang-chu"))
    Site.objects.update_or_create(hostname="127.0.0.1", defaults={"root_page": home, "is_default_site": True})
    Site.objects.exclude(root_page=home).delete()
    indexes = {}
    for n, item in enumerate(items):
        if item["index"] not in indexes:
            slug = f"muc-{len(indexes)}"
            indexes[item["index"]] = home.add_child(instance=NewsIndexPage(title=item["index"], slug=slug))
        index = indexes[item["index"]]
        shared = {"title": item["title"], "slug": f"bai-{n}", "date": date.fromisoformat(item["day"])}
        shared["live"] = item["live"]
        if item.get("number"):
            fields = {name: item[name] for name in ("number", "issuer", "abstract")}
            page = DocumentPage(**shared, issued=date.fromisoformat(item["issued"]), **fields)
        else:
            page = NewsPage(**shared, intro=item["intro"], body=f"<p>{item['body']}</p>")
        index.add_child(instance=page)


def serve():
    """Serve until standard input closes."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Threaded, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    django.setup()
    call_command("makemigrations", "news", verbosity=0)
    call_command("migrate", verbosity=0)
    load(json.loads(Path("items.json").read_text(encoding="utf-8")))
    serve()
