"""Language models behind LangChain's ``BaseChatModel``."""
