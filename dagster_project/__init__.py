"""同城:可信的区域一体化进展数据仓库 · a warehouse of integration progress.

Every figure keeps its wording, its interval and its source.
"""
