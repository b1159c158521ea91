"""The configuration: checked whole against its schema, before anything uses it."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from breakpoint_pcr.errors import ConfigError

# The same parser in C, ten times as fast, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping.

    Raises:
        ConfigError: The file is missing, is no YAML or holds no mapping.
    """
    if not path.is_file():
        raise ConfigError(f"{path}: file missing; name an existing one")
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506
    except (yaml.YAMLError, ValueError) as problem:  # bad text, or a date that is none
        raise ConfigError(f"{path}: not YAML ({' '.join(str(problem).split())})") from None
    if not isinstance(data, dict):
        raise ConfigError(f"{path}: holds {type(data).__name__}; expected keys with values")
    return data


def checked(config: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the configuration with whole numbers in one form, however they were written.

    Raises:
        ConfigError: One line per problem, each naming its key.
    """
    if problems := list(_problems(config, schema)):
        raise ConfigError("\n".join(f"config: {problem}" for problem in problems))
    return _normalised(config)


def _normalised(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return {key: _normalised(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_normalised(inner) for inner in value]
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole else value


def _problems(config: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415  (76 ms)

    errors = Draft202012Validator(schema).iter_errors(config)
    for error in sorted(errors, key=lambda e: ([str(p) for p in e.absolute_path], e.message)):
        yield from _sentences(error)


def _sentences(error: Any) -> Iterator[str]:  # noqa: ANN401
    """Say a schema error in one line per key."""
    place = ".".join(map(str, error.absolute_path))
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in sorted(set(error.instance) - set(known), key=str):
            yield f"{_join(place, key)} is not known{_nearest(str(key), known)}"
    elif error.validator == "required":
        missing = next(k for k in error.validator_value if f"'{k}' is a" in error.message)
        yield f"{_join(place, missing)} is missing; copy it from config/config.yaml"
    else:
        meaning = error.schema.get("description", "")
        found = error.message if error.validator != "oneOf" else f"{error.instance!r} does not fit"
        yield f"{place}: {found}{f'; expected: {meaning}' if meaning else ''}"


def _join(place: str, key: object) -> str:
    return f"{place}.{key}" if place else f"{key}"


def _nearest(key: str, known: Iterable[str]) -> str:
    close = get_close_matches(key, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; expected one of {', '.join(known)}"
