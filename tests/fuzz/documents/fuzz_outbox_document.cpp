#include "db/documents/outbox_document.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::db::documents;

namespace {

template <class Document>
void requireSameAgain(const Result<Document>& document, Result<Document> (*read)(const QByteArray&))
{
    if (!document.ok()) {
        return;
    }
    const auto again = read(canonicalBytes(*document));
    if (!again.ok() || !(*again == *document)) {
        std::abort();
    }
}

} // namespace

/// What is read is written and read back the same, and no text is both documents.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray text{reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)};
    const auto note = outboxNoteFromJson(text);
    const auto event = deliveryEventFromJson(text);
    if (note.ok() && event.ok()) {
        std::abort();
    }
    requireSameAgain(note, outboxNoteFromJson);
    requireSameAgain(event, deliveryEventFromJson);
    return 0;
}
