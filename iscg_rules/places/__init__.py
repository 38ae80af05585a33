"""The places of France: communes by code, name or postal code, their EPCI and département."""
