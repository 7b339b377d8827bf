"""Templates in two languages: what they say is looked up when they are compiled.

Each language has its own compiled templates, in which a text without parameters is a constant.
What depends on a value (plurals, words kept in a record) is still looked up on each page.
"""

from __future__ import annotations

from typing import Any

from babel.support import NullTranslations
from flask.templating import Environment
from flask_babel import Babel, Domain, get_locale
from flask_babel import get_translations as words_of_request
from jinja2 import BytecodeCache, Template, nodes
from jinja2.bccache import Bucket
from jinja2.visitor import NodeTransformer

_CALLED = frozenset({"_", "gettext"})


class Languages(Babel):  # type: ignore[misc]  # The library has no types.
    """Flask-Babel with catalogues that are found by their language at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._words = _Words()
        super().__init__(*args, **options)

    @property
    def domain_instance(self) -> Domain:
        """The program's own words."""
        return self._words


class _Words(Domain):  # type: ignore[misc]  # The library has no types.
    def __init__(self) -> None:
        super().__init__()
        self._known: dict[Any, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale not in self._known:
            found = super().get_translations()
            if locale is None:
                return found  # type: ignore[no-any-return]  # The library has no types.
            self._known[locale] = found
        return self._known[locale]


class Templates(Environment):
    """The templates of an app; asked for one, it gives the one in the reader's language."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._languages: dict[str, Templates] = {}
        self._words: NullTranslations | None = None
        super().__init__(*args, **options)

    def get_template(self, name: Any, parent: Any = None, globals: Any = None) -> Template:
        """The template of this name in the reader's language."""
        spoken = self._in_language()
        return super(Templates, spoken).get_template(name, parent, globals)

    def select_template(self, names: Any, parent: Any = None, globals: Any = None) -> Template:
        """The first template that there is, in the reader's language."""
        spoken = self._in_language()
        return super(Templates, spoken).select_template(names, parent, globals)

    def _in_language(self) -> Templates:
        locale = get_locale()
        if self._words is not None or locale is None:
            return self
        name = str(locale)
        if name not in self._languages:
            self._languages[name] = self._speak(name)
        return self._languages[name]

    def _speak(self, name: str) -> Templates:
        spoken = self.overlay()
        assert isinstance(spoken, Templates)
        spoken._words = words_of_request()
        if self.bytecode_cache is not None:
            spoken.bytecode_cache = _OfLanguage(self.bytecode_cache, name)
        return spoken

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        if self._words is not None:
            source = _Saying(self._words).visit(source)
        return super()._generate(source, *args, **options)


class _OfLanguage(BytecodeCache):
    """Compiled templates of one language, kept where those of the others are."""

    def __init__(self, kept: BytecodeCache, language: str) -> None:
        self._kept, self._language = kept, language

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return self._kept.get_cache_key(f"{self._language}:{name}", filename)

    def load_bytecode(self, bucket: Bucket) -> None:
        self._kept.load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept.dump_bytecode(bucket)


class _Saying(NodeTransformer):
    """Puts the words of a language where a template asks for a text by name."""

    def __init__(self, words: NullTranslations) -> None:
        self._words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - Jinja calls it so.
        """What the text says; with parameters, the text with them put in, as Jinja would."""
        self.generic_visit(node)
        text = _find_text(node)
        if text is None:
            return node
        said = nodes.MarkSafeIfAutoescape(nodes.Const(self._words.ugettext(text)))
        pairs = [nodes.Pair(nodes.Const(each.key), each.value) for each in node.kwargs]
        return nodes.Mod(said, nodes.Dict(pairs), lineno=node.lineno)


def _find_text(node: nodes.Call) -> str | None:
    """The text that is asked for; None when it is only known on the page, or nothing like it."""
    if not isinstance(node.node, nodes.Name) or node.node.name not in _CALLED:
        return None
    if len(node.args) != 1 or node.dyn_args is not None or node.dyn_kwargs is not None:
        return None
    (first,) = node.args
    return first.value if isinstance(first, nodes.Const) and isinstance(first.value, str) else None
