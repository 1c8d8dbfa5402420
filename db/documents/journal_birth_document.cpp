#include "db/documents/journal_birth_document.h"

#include "db/documents/member_reader.h"
#include "db/qt/values.h"

namespace enroll::db::documents {

using qt::toQString;

namespace {

Result<JournalBirth> readVersion1(const MemberReader& reader)
{
    TRY_ASSIGN(auto journalId, reader.text("journalId"));
    reader.remarkOthers();
    return JournalBirth{std::move(journalId)};
}

constexpr std::array kReaders{
    VersionReader<JournalBirth>{1, readVersion1},
};

} // namespace

QByteArray canonicalBytes(const JournalBirth& birth)
{
    return canonicalJson(
        {{QLatin1String("schema"), toQString(kBirthSchema)}, {QLatin1String("journalId"), toQString(birth.journalId)}});
}

Result<JournalBirth> journalBirthFromJson(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    return readByVersion(MemberReader{document, notUnderstood}, kBirthDocument, kReaders);
}

} // namespace enroll::db::documents
