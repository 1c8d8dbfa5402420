#include "db/documents/clock_acceptance_document.h"

#include "db/documents/member_reader.h"
#include "db/qt/values.h"

namespace enroll::db::documents {

using qt::toQString;

namespace {

Result<ClockAcceptance> readVersion1(const MemberReader& reader)
{
    ClockAcceptance acceptance;
    TRY_ASSIGN(acceptance.acceptedAt, reader.time("acceptedAt"));
    TRY_ASSIGN(acceptance.latestRun, reader.time("latestRun"));
    TRY_ASSIGN(acceptance.by, reader.text("by"));
    TRY_ASSIGN(acceptance.reason, reader.text("reason"));
    reader.remarkOthers();
    return acceptance;
}

constexpr std::array kReaders{
    VersionReader<ClockAcceptance>{1, readVersion1},
};

} // namespace

QJsonObject toJson(const ClockAcceptance& acceptance)
{
    return {{QLatin1String("schema"), toQString(kClockAcceptanceSchema)},
            {QLatin1String("acceptedAt"), toQString(toIso8601(acceptance.acceptedAt))},
            {QLatin1String("latestRun"), toQString(toIso8601(acceptance.latestRun))},
            {QLatin1String("by"), toQString(acceptance.by)},
            {QLatin1String("reason"), toQString(acceptance.reason)}};
}

QByteArray canonicalBytes(const ClockAcceptance& acceptance)
{
    return canonicalJson(toJson(acceptance));
}

Result<ClockAcceptance> clockAcceptanceFromJson(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    return readByVersion(MemberReader{document, notUnderstood}, kClockAcceptanceDocument, kReaders);
}

} // namespace enroll::db::documents
