"""Questions in Korean, Vietnamese or English, answered from stored articles with checked citations and figures."""
