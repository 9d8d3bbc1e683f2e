"""A thousand instances through scheduler, queue and workers, in made-up time."""
