// A file of keys that somebody hands in. Every line is either a key or a fault that names it, and each key can be judged by
// itself. A file of another kind is refused as a whole, before a key or a fault of it was told.

#include "core/base/station_code.h"
#include "core/crypto/weak_keys.h"
#include "db/exports/key_file.h"

#include <QBuffer>

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    auto text = QByteArray::fromRawData(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const auto lines = static_cast<std::size_t>(text.count('\n')) + 1;
    QBuffer buffer{&text};
    buffer.open(QIODevice::ReadOnly);
    std::size_t told = 0;
    const auto visit = [&told](const db::exports::KeyOfFile& found) -> Result<void> {
        ++told;
        if (found.registrationId.empty() && found.serialNumber.empty()) {
            std::abort();
        }
        const auto judged = crypto::requireStrongKey(found.key);
        return {};
    };
    const auto fault = [&told, lines](std::size_t line, const Error& error) -> Result<void> {
        ++told;
        if (error.code != StationCode::DocumentMalformed || line == 0 || line > lines || error.what.empty()) {
            std::abort();
        }
        return {};
    };
    const auto read = db::exports::forEachKey(buffer, visit, fault);
    if (!read.ok() && (read.error().code != StationCode::DocumentMalformed || told != 0)) {
        std::abort();
    }
    return 0;
}
