"""What is published: posts, pages, their categories, tags, authors and media."""

from posts.models.addresses import Redirect, SiteStamp, new_token
from posts.models.amendment import Amendment, AmendmentKind
from posts.models.editing import Editing, PreviewLink, about
from posts.models.identity import Identity, NavigationEntry, Wording
from posts.models.media import FormerName, Media
from posts.models.publication import Language, Page, PageQuerySet, Post, PostQuerySet, Publishable, State, published
from posts.models.related import RelatedPost
from posts.models.taxonomy import Author, Category, Slugged, Tag, validate_web_address

__all__ = [
    "Amendment",
    "AmendmentKind",
    "Author",
    "Category",
    "Editing",
    "FormerName",
    "Identity",
    "Language",
    "Media",
    "NavigationEntry",
    "Page",
    "PageQuerySet",
    "Post",
    "PostQuerySet",
    "PreviewLink",
    "Publishable",
    "Redirect",
    "RelatedPost",
    "SiteStamp",
    "Slugged",
    "State",
    "Tag",
    "Wording",
    "about",
    "new_token",
    "published",
    "validate_web_address",
]
