#include "core/base/station_code.h"
#include "db/documents/act_document.h"

#include <cstdlib>

/// What is read as an act is written and read back as the same act, words of a newer program among it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const QByteArray text{reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)};
    const auto act = db::documents::actFromJson(text);
    if (!act.ok()) {
        return act.error().code == StationCode::DocumentMalformed ? 0 : (std::abort(), 0);
    }
    const auto stored = db::documents::canonicalBytes(*act);
    const auto again = db::documents::actFromJson(stored);
    if (!again.ok() || !(*again == *act) || db::documents::canonicalBytes(*again) != stored) {
        std::abort();
    }
    return 0;
}
