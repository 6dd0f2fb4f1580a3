"""The retriever as LangChain's BaseRetriever: python examples/retrieve.py "Qwen3 언어 수"."""

import sys

from assistant import Archive, NewsRetriever, Retriever, load_settings

archive = Archive.open(load_settings())
archive.synchronise()
retriever = NewsRetriever(retriever=Retriever(archive, n_passages=5))
for document in retriever.invoke(sys.argv[1]):
    beginning = " ".join(document.page_content.split())[:80]
    print(f"{document.metadata['score']:.2f}  {document.metadata['title']}: {beginning}")
archive.close()
