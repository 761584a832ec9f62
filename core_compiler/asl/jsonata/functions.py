"""The functions an expression can call without defining them."""

#: JSONata 2.0.6 (docs.jsonata.org, function library), `eval` left out: Step Functions refuses it.
_LANGUAGE = """
    abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl
    decodeUrlComponent distinct each encodeUrl encodeUrlComponent error exists filter floor formatBase
    formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge millis min not
    now number pad parseInteger power random reduce replace reverse round shuffle sift single sort split spread
    sqrt string substring substringAfter substringBefore sum toMillis trim type uppercase zip
"""
#: What Step Functions adds (developer guide, "Transforming data with JSONata").
_SERVICE = "hash parse partition random range uuid"

FUNCTIONS = frozenset(_LANGUAGE.split()) | frozenset(_SERVICE.split())
