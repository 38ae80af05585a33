"""What authors write, as frozen values: rules, partners, guarantees, cases."""
