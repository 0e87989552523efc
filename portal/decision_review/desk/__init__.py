"""What joins reviews for those who work on them: the queue, the page of one review, who looked, timed duties."""
