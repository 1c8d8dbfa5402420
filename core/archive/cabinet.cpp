#include "core/archive/cabinet.h"

#include "core/base/station_code.h"
#include "core/base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <memory>

namespace enroll::archive {
namespace {

struct ReaderFree {
    void operator()(::archive* reader) const noexcept { archive_read_free(reader); }
};
using ReaderPtr = std::unique_ptr<::archive, ReaderFree>;

Error unusable(std::string what)
{
    return makeError(StationCode::KeyMaterialUnusable, std::move(what));
}

Error damaged(::archive* reader, const char* operation)
{
    const char* why = archive_error_string(reader);
    return makeError(StationCode::KeyMaterialUnusable,
                     "the cabinet is damaged: " + printableText(why == nullptr ? "no reason is given" : why),
                     operation);
}

/// libarchive gives no UTF-8 for a name that does not fit the locale; the bytes are there all the same.
std::string nameOf(archive_entry* entry, std::size_t number)
{
    const char* name = archive_entry_pathname_utf8(entry);
    name = name == nullptr ? archive_entry_pathname(entry) : name;
    return name == nullptr || *name == '\0' ? "entry " + std::to_string(number) : printableText(name);
}

std::size_t sizeOf(archive_entry* entry)
{
    const auto size = archive_entry_size(entry);
    return size < 0 ? 0 : static_cast<std::size_t>(size);
}

/// Exactly \p size bytes: what an entry says of itself is held against what is there.
Result<Bytes> contentOf(::archive* reader, std::size_t size)
{
    if (size > kLargestEntry) {
        return unusable("the file is larger than " + std::to_string(kLargestEntry) + " bytes");
    }
    Bytes content(size);
    std::size_t have = 0;
    while (have < size) {
        const auto got = archive_read_data(reader, content.data() + have, size - have);
        if (got < 0) {
            return damaged(reader, "archive_read_data");
        }
        if (got == 0) {
            return unusable("the file ends after " + std::to_string(have) + " of " + std::to_string(size) + " bytes");
        }
        have += static_cast<std::size_t>(got);
    }
    return content;
}

/// Why no further entry is read; nothing while one may be.
std::optional<Error> limitReached(std::size_t entries, std::size_t bytes)
{
    if (entries > kMostEntries) {
        return unusable("the cabinet has more than " + std::to_string(kMostEntries) + " files");
    }
    if (bytes > kLargestContent) {
        return unusable("the cabinet holds more than " + std::to_string(kLargestContent) + " bytes");
    }
    return {};
}

/// Reads each file to its end, wanted or not, and nothing after one that cannot be read: to skip a file of a damaged
/// cabinet, libarchive 3.6 reads through a null pointer.
Cabinet readEntries(::archive* reader, bool (*isWanted)(std::string_view name))
{
    Cabinet cabinet;
    std::size_t entries = 0;
    std::size_t bytes = 0;
    archive_entry* entry = nullptr;
    int found = archive_read_next_header(reader, &entry);
    for (; found == ARCHIVE_OK || found == ARCHIVE_WARN; found = archive_read_next_header(reader, &entry)) {
        bytes += sizeOf(entry);
        cabinet.brokenOff = limitReached(++entries, bytes);
        if (cabinet.brokenOff) {
            return cabinet;
        }
        auto name = nameOf(entry, entries);
        auto content = contentOf(reader, sizeOf(entry));
        if (!content.ok()) {
            cabinet.brokenOff = content.error();
        }
        if (archive_entry_filetype(entry) == AE_IFREG && isWanted(name)) {
            cabinet.entries.push_back({std::move(name), std::move(content)});
        }
        if (cabinet.brokenOff) {
            return cabinet;
        }
    }
    if (found != ARCHIVE_EOF) {
        cabinet.brokenOff = damaged(reader, "archive_read_next_header");
    }
    return cabinet;
}

} // namespace

bool isCabinet(ByteView content) noexcept
{
    return asText(content).starts_with("MSCF");
}

Result<Cabinet> readCabinet(ByteView content, bool (*isWanted)(std::string_view name))
{
    if (content.size() > kLargestCabinet) {
        return unusable("the cabinet is larger than " + std::to_string(kLargestCabinet) + " bytes");
    }
    if (!isCabinet(content)) {
        return unusable("the file is no cabinet");
    }
    const ReaderPtr reader{archive_read_new()};
    if (!reader || archive_read_support_format_cab(reader.get()) != ARCHIVE_OK) {
        return makeError(StationCode::CryptoFailed, "cabinets cannot be read", "archive_read_new");
    }
    if (archive_read_open_memory(reader.get(), content.data(), content.size()) != ARCHIVE_OK) {
        return damaged(reader.get(), "archive_read_open_memory");
    }
    return readEntries(reader.get(), isWanted);
}

} // namespace enroll::archive
