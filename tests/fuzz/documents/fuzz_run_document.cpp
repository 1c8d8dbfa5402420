#include "core/base/station_code.h"
#include "db/documents/run_document.h"

#include <cstdlib>

/// What is read as a run is written and read back as the same run: nothing of it is cut to fit on the way.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const QByteArray text{reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)};
    const auto run = db::documents::runFromJson(text);
    if (!run.ok()) {
        return run.error().code == StationCode::DocumentMalformed ? 0 : (std::abort(), 0);
    }
    const auto stored = db::documents::canonicalBytes(*run);
    const auto again = db::documents::runFromJson(stored);
    if (!again.ok() || !(*again == *run) || db::documents::canonicalBytes(*again) != stored) {
        std::abort();
    }
    return 0;
}
