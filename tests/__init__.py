"""They mirror the rooms of portal/ and anonymity/. A package: an installed library brings a ``tests`` of its own."""
