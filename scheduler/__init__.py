"""What happens without a user: the follower that heals the read side, and jobs by the clock. `jobs` does, `clock` says when."""
