"""The marts as files for download: Parquet, CSV with a data package, a workbook, SDMX-CSV.

Everything is made from the finished DuckDB file; no rule about data belongs here. Needs nothing of Dagster.
"""
