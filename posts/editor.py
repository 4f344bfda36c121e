"""What the prose editor offers. The sanitiser in posts/html.py allows at least this much."""

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "CodeBlock": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Table": True,
    "Figure": {"pickerUrl": "/admin/posts/media/pick/"},
    "HTML": True,
    "SpecialCharacters": True,
}
