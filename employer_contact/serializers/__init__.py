"""Employer contact as machines send and read it. Security answers are in none of these shapes."""
