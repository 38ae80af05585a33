"""Text → nodes with places → frozen models; everything wrong in one report."""
