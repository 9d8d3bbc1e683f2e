"""Words to invent people, places and things from. Nobody here exists."""

GIVEN = (
    "Anouk", "Bastian", "Corvin", "Dilara", "Edda", "Fenja", "Gregor", "Hilde", "Ilja", "Jorinde",
    "Kasimir", "Levke", "Marisol", "Nilufar", "Odalys", "Pasquale", "Quirin", "Rósa", "Søren",
    "Tamsin", "Ulrike", "Vasco", "Wiebke", "Xenia", "Yorick", "Zoë", "Åsa", "Björk", "Çağla",
    "Đurđica", "Łucja", "Özlem", "Žofie", "Nguyệt", "Siân", "Iñaki",
)  # fmt: skip
FAMILY_START = (
    "Ahorn", "Birken", "Distel", "Eschen", "Falken", "Grün", "Hasel", "Kranich", "Linden", "Moor",
    "Nebel", "Öl", "Quell", "Reh", "Silber", "Tannen", "Über", "Vogel", "Wiesen", "Zeisig",
    "Brae", "Carn", "Dun", "Glen", "Kil", "Loch", "Strath", "Fjell", "Holm", "Skog",
)  # fmt: skip
FAMILY_END = (
    "bach", "berg", "brück", "dorf", "feld", "haus", "hoff", "holt", "kamp", "lund", "mann",
    "more", "müller", "quist", "rand", "see", "stein", "strand", "tal", "wald", "weiß",
)  # fmt: skip
JOBS = (
    "Engineer", "Senior Engineer", "Accountant", "Sales Lead", "Nurse", "Dispatcher", "Architect",
    "Analyst", "Buyer", "Receptionist", "Technician", "Lawyer", "Writer", "Chief of Staff",
)  # fmt: skip
DEPARTMENTS = (
    "Engineering", "IT", "Finance", "Sales & Marketing", "Forschung & Entwicklung", "R&D <Labs>",
    "Einkauf", "Sales, EMEA", "People's Office", 'Legal "Risk"', "物流部", "Área de Diseño",
    "Operations / Night", "Kundendienst",
)  # fmt: skip
OFFICES = (
    ("Zürich / Haus 2", "Zürich", "Switzerland", "CH", "de-CH"),
    ("Berlin, Hof 3", "Berlin", "Germany", "DE", "de-DE"),
    ("München", "München", "Germany", "DE", "de-DE"),
    ("Cork - Level 4", "Cork", "Ireland", "IE", "en-IE"),
    ("大阪 5F", "大阪", "Japan", "JP", "ja-JP"),
    ("دبي ٢", "دبي", "United Arab Emirates", "AE", "ar-AE"),
    ("18/2111", "Łódź", "Poland", "PL", "pl-PL"),
    ("Remote", None, None, "FR", "fr-FR"),
)
COMPANIES = ("Contoso Example AG", "Contoso Example GmbH & Co. KG", "O'Contoso Ltd", "例示株式会社")
MAKES = (
    ("NB", "Fabrikam", "Nimbus 14", "Windows", "10.0.26100.2033"),
    ("NB", "Fabrikam", "Nimbus 15 G2", "Windows", "10.0.22631.4317"),
    ("PC", "Proseware", "Anvil <Tower>", "Windows", "10.0.19045.5011"),
    ("MB", "Northwind", "Slate Pro 16", "MacMDM", "15.1"),
    ("PH", "Tailspin", "Pebble 9", "IPhone", "18.1.1"),
    ("PH", "Adatum", "Comet 5", "AndroidForWork", "15"),
    ("TB", "Tailspin", 'Pebble Pad 11"', "IPad", "18.1"),
)
JUNK_SERIALS = (
    "", "0", "To be filled by O.E.M.", "Default string", None, "None", "N/A", "0000000",
    "System Serial Number",
)  # fmt: skip
