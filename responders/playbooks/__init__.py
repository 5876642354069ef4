"""Human-written reply knowledge: one file per playbook in texts/, and what reads them."""
