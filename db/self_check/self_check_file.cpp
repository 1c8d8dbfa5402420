#include "db/self_check/self_check_file.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"
#include "db/documents/evidence_document.h"
#include "db/documents/member_reader.h"
#include "db/qt/values.h"

namespace enroll::db::self_check {
namespace {

namespace fs = std::filesystem;
using documents::MemberReader;
using documents::VersionReader;
using enrollment::SelfCheckStamp;
using qt::toQString;

// A few hundred bytes; more is no file of this program's.
constexpr std::size_t kLongest = std::size_t{16} * 1024;

Result<SelfCheckStamp> readVersion1(const MemberReader& reader)
{
    TRY_ASSIGN(const auto at, reader.time("at"));
    TRY_ASSIGN(const bool passed, reader.boolean("passed"));
    TRY_ASSIGN(const auto software, reader.object("software"));
    TRY_ASSIGN(auto stamp, documents::softwareStampFrom(software));
    TRY_ASSIGN(auto profile, reader.text("profileSha256"));
    return SelfCheckStamp{at, passed, std::move(stamp), std::move(profile)};
}

constexpr std::array kReaders{
    VersionReader<SelfCheckStamp>{1, readVersion1},
};

} // namespace

QByteArray selfCheckText(const SelfCheckStamp& stamp)
{
    return documents::readableJson({{QLatin1String("schema"), toQString(kSelfCheckSchema)},
                                    {QLatin1String("at"), toQString(toIso8601(stamp.at))},
                                    {QLatin1String("passed"), stamp.passed},
                                    {QLatin1String("software"), documents::toJson(stamp.software)},
                                    {QLatin1String("profileSha256"), toQString(stamp.profileSha256)}});
}

Result<SelfCheckStamp> selfCheckFromText(ByteView text)
{
    TRY_ASSIGN(const auto document, documents::parseJsonObject(text));
    return documents::readByVersion(MemberReader{document}, kSelfCheckDocument, kReaders);
}

fs::path selfCheckFile(const fs::path& dataDirectory)
{
    return dataDirectory / "self-check.json";
}

Result<std::optional<SelfCheckStamp>> readSelfCheck(const fs::path& dataDirectory)
{
    const auto file = selfCheckFile(dataDirectory);
    TRY_ASSIGN(const bool there, system::fileIsThere(file));
    if (!there) {
        return std::optional<SelfCheckStamp>{};
    }
    TRY_ASSIGN(const auto text, system::readWholeFile(file, kLongest));
    TRY_ASSIGN(auto stamp, prefixed(file.string() + ": ", selfCheckFromText(text)));
    return std::optional{std::move(stamp)};
}

Result<void> writeSelfCheck(const fs::path& dataDirectory, const SelfCheckStamp& stamp)
{
    return system::writeDurably(selfCheckFile(dataDirectory), qt::viewOf(selfCheckText(stamp)),
                                system::FileMode::OwnerOnly);
}

} // namespace enroll::db::self_check
