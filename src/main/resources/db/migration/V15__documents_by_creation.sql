-- A rename by SQL leaves nothing but creation and owner: documents are looked for by them.
create index document_creation on document (doctype, creation);
