#include "db/documents/act_document.h"

#include "db/documents/evidence_document.h"
#include "db/qt/values.h"

namespace enroll::db::documents {

using qt::toQString;
using namespace enrollment;
using station::Act;
using station::ActCause;
using station::ActKind;
using station::FileStamp;

namespace {

void put(QJsonObject& document, const char* name, const std::optional<std::string>& text)
{
    if (text) {
        document.insert(QLatin1String(name), toQString(*text));
    }
}

void put(QJsonObject& document, const char* name, const std::optional<std::int64_t>& number)
{
    if (number) {
        document.insert(QLatin1String(name), static_cast<qint64>(*number));
    }
}

template <class Tag>
void put(QJsonObject& document, const char* name, const std::optional<StrongId<Tag>>& id)
{
    if (id) {
        document.insert(QLatin1String(name), toQString(id->text()));
    }
}

template <class Tag>
Result<void> readId(const MemberReader& reader, const char* name, std::optional<StrongId<Tag>>& id)
{
    TRY_ASSIGN(auto text, reader.textIfAny(name));
    if (text) {
        id.emplace(std::move(*text));
    }
    return {};
}

/// Nothing where the member is absent, which integer() refuses.
Result<std::optional<std::int64_t>> integerIfAny(const MemberReader& reader, const char* name)
{
    if (reader.isAbsent(name)) {
        return std::optional<std::int64_t>{};
    }
    TRY_ASSIGN(const auto number, reader.integer(name));
    return std::optional{number};
}

QJsonObject toJson(const FileStamp& stamp)
{
    return {{QLatin1String("file"), toQString(stamp.file)}, {QLatin1String("sha256"), toQString(stamp.sha256)}};
}

Result<FileStamp> fileStampFrom(const MemberReader& reader)
{
    FileStamp stamp;
    TRY_ASSIGN(stamp.file, reader.text("file"));
    TRY_ASSIGN(stamp.sha256, reader.text("sha256"));
    reader.remarkOthers();
    return stamp;
}

void put(QJsonObject& document, const char* name, const std::vector<FileStamp>& stamps)
{
    QJsonArray files;
    for (const auto& stamp : stamps) {
        files.append(toJson(stamp));
    }
    if (!files.isEmpty()) {
        document.insert(QLatin1String(name), files);
    }
}

void putStart(QJsonObject& document, const Act& act)
{
    if (act.software) {
        document.insert(QLatin1String("software"), documents::toJson(*act.software));
    }
    if (act.profile) {
        document.insert(QLatin1String("profile"), documents::toJson(*act.profile));
    }
    put(document, "configuration", act.configuration);
}

Result<void> readStart(const MemberReader& reader, Act& act)
{
    TRY_ASSIGN(act.software, objectIfAny(reader, "software", softwareStampFrom));
    TRY_ASSIGN(act.profile, objectIfAny(reader, "profile", profileStampFrom));
    if (!reader.isAbsent("configuration")) {
        TRY_ASSIGN(act.configuration, listFrom(reader, "configuration", fileStampFrom));
    }
    return {};
}

/// What was done, to what.
Result<void> readDetails(const MemberReader& reader, Act& act)
{
    TRY(readId(reader, "inPlaceOf", act.inPlaceOf));
    TRY(readId(reader, "person", act.person));
    if (!reader.isAbsent("slot")) {
        TRY_ASSIGN(const auto slot, reader.integerAs<int>("slot"));
        act.slot = SlotNumber{slot};
    }
    TRY(readId(reader, "serialNumber", act.serialNumber));
    TRY(readId(reader, "runId", act.runId));
    if (!reader.isAbsent("cause")) {
        TRY_ASSIGN(act.cause, reader.word<ActCause>("cause", station::kAllActCauses, station::actCauseText));
    }
    TRY(readId(reader, "nextSerialNumber", act.nextSerialNumber));
    TRY(readId(reader, "batch", act.batch));
    TRY_ASSIGN(act.code, codeFrom(reader, "code"));
    TRY_ASSIGN(act.reason, reader.textIfAny("reason"));
    TRY_ASSIGN(act.count, integerIfAny(reader, "count"));
    TRY_ASSIGN(act.screen, reader.textIfAny("screen"));
    TRY_ASSIGN(act.millimetres, integerIfAny(reader, "millimetres"));
    if (!reader.isAbsent("files")) {
        TRY_ASSIGN(act.files, listFrom(reader, "files", fileStampFrom));
    }
    return {};
}

Result<Act> readVersion1(const MemberReader& reader)
{
    Act act;
    TRY_ASSIGN(act.what, reader.word<ActKind>("what", station::kAllActKinds, station::actKindText));
    TRY_ASSIGN(act.at, reader.time("at"));
    TRY_ASSIGN(auto stationId, reader.text("stationId"));
    act.stationId = StationId{std::move(stationId)};
    TRY(readId(reader, "operator", act.operatorId));
    TRY_ASSIGN(act.account, reader.textIfAny("account"));
    TRY(readDetails(reader, act));
    TRY(readStart(reader, act));
    reader.remarkOthers();
    return act;
}

constexpr std::array kReaders{
    VersionReader<Act>{1, readVersion1},
};

} // namespace

QJsonObject toJson(const Act& act)
{
    QJsonObject document{{QLatin1String("schema"), toQString(kActSchema)},
                         {QLatin1String("what"), toQString(station::actKindText(act.what))},
                         {QLatin1String("at"), toQString(toIso8601(act.at))},
                         {QLatin1String("stationId"), toQString(act.stationId.text())}};
    put(document, "operator", act.operatorId);
    put(document, "account", act.account);
    put(document, "inPlaceOf", act.inPlaceOf);
    put(document, "person", act.person);
    if (act.slot) {
        document.insert(QLatin1String("slot"), act.slot->value);
    }
    put(document, "serialNumber", act.serialNumber);
    put(document, "runId", act.runId);
    if (act.cause) {
        document.insert(QLatin1String("cause"), toQString(wordText(*act.cause, station::actCauseText)));
    }
    put(document, "nextSerialNumber", act.nextSerialNumber);
    put(document, "batch", act.batch);
    if (act.code) {
        document.insert(QLatin1String("code"), codeOrNull(act.code));
    }
    put(document, "reason", act.reason);
    put(document, "count", act.count);
    put(document, "screen", act.screen);
    put(document, "millimetres", act.millimetres);
    put(document, "files", act.files);
    putStart(document, act);
    return document;
}

QByteArray canonicalBytes(const Act& act)
{
    return canonicalJson(toJson(act));
}

Result<Act> actFromJson(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    return readByVersion(MemberReader{document, notUnderstood}, kActDocument, kReaders);
}

Result<Act> actFromJson(const QByteArray& text)
{
    TRY_ASSIGN(const auto document, parseJsonObject(text));
    return readByVersion(MemberReader{document}, kActDocument, kReaders);
}

} // namespace enroll::db::documents
