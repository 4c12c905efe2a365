"""A home page, paged indexes, news and documents."""

from django.core.paginator import Paginator
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page

PAGE_SIZE = 15


class HomePage(Page):
    """The home page: its menu leads to the indexes."""


class NewsIndexPage(Page):
    """A paged list of its children, newest first."""

    def get_context(self, request, *args, **kwargs):
        """Add the page of children that was asked for."""
        context = super().get_context(request, *args, **kwargs)
        children = [page.specific for page in self.get_children().live().specific()]
        children.sort(key=lambda page: (page.date, page.pk), reverse=True)
        context["entries"] = Paginator(children, PAGE_SIZE).get_page(request.GET.get("page"))
        return context


class NewsPage(Page):
    """A story."""

    date = models.DateField()
    intro = models.CharField(max_length=250)
    body = RichTextField(blank=True)


class DocumentPage(Page):
    """A document with its attributes."""

    date = models.DateField()
    number = models.CharField(max_length=60)
    issued = models.DateField()
    issuer = models.CharField(max_length=120)
    abstract = models.CharField(max_length=250)
