// A file of keys that somebody hands in. Every line is either a key or a fault that names it, unless the file is of another
// kind, and each key can be judged by itself.

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
    const auto visit = [](const db::exports::KeyOfFile& found) -> Result<void> {
        if (found.registrationId.empty() && found.serialNumber.empty()) {
            std::abort();
        }
        const auto judged = crypto::requireStrongKey(found.key);
        return {};
    };
    const auto fault = [lines](std::size_t line, const Error& error) -> Result<void> {
        if (line == 0 || line > lines || error.what.empty()) {
            std::abort();
        }
        return {};
    };
    // A file of another kind is refused as a whole, and says so.
    if (const auto read = db::exports::forEachKey(buffer, visit, fault);
        !read.ok() && read.error().code != StationCode::DocumentMalformed) {
        std::abort();
    }
    return 0;
}
