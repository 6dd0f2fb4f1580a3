"""The pipeline as a LangChain Runnable: python examples/ask.py "How many languages does Qwen3 support?"."""

import sys

from assistant import AnswerPipeline, Archive, choose_model, load_settings, open_model

settings = choose_model(load_settings()).settings
archive = Archive.open(settings)
archive.synchronise()
pipeline = AnswerPipeline(archive, open_model(settings), settings)
print(pipeline.invoke(sys.argv[1]).text)
archive.close()
