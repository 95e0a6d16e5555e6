"""The report for people who never write SQL: static pages made from the marts of a finished file.

`facts.py` reads the marts, `wording.py` says figures in both languages, `charts.py` and `timeline.py` fill
charts with what `frames.py`, `marks.py` and `labels.py` make, in the looks of `looks.py`, `pages.py`,
`things.py` and `gathered.py` fill the templates of `templates/report/`, `search.py` writes what the search
looks through, `site.py` puts the folder together. No rule about data stands here: what a page says was
decided by a mart.
"""
