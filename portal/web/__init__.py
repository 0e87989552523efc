"""The toolbox under the features: what a route may ask for, how a page is rendered, and what every answer carries."""
