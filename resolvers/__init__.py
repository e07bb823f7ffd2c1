"""The decisions: what a viewer may see and do, what happens then. Knows neither GraphQL nor HTTP."""
