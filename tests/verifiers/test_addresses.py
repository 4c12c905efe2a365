"""G6: when two addresses are one page."""

from verifiers.addresses import page_key


def test_one_page_answers_on_http_and_https_with_and_without_slash() -> None:
    """Links between the two are links to the same page."""
    assert page_key("https://www.SoThiDu.example.vn/gioi-thieu/?utm_source=x") == page_key(
        "http://sothidu.example.vn/gioi-thieu"
    )
