"""How much wrong data gets through: seeded defects in the real seeds, one at a time, and who catches each."""
