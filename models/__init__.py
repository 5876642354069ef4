"""What Palovahti remembers: tables, states and their allowed moves, errors, jobs and the audit trail."""
