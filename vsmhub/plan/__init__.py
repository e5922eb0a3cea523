"""From a hub's spec and a live target to a plan, and from the plan to a hub that is as declared."""
