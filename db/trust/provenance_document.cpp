#include "db/trust/provenance_document.h"

#include "db/documents/member_reader.h"
#include "db/qt/values.h"

namespace enroll::db::trust {

using documents::MemberReader;
using documents::VersionReader;
using qt::toQString;

namespace {

Result<Provenance> readVersion1(const MemberReader& reader)
{
    Provenance provenance;
    TRY_ASSIGN(provenance.source, reader.text("source"));
    TRY_ASSIGN(provenance.importedAt, reader.time("importedAt"));
    TRY_ASSIGN(provenance.role, reader.knownWord("role", crypto::kAllTrustRoles, crypto::trustRoleText));
    return provenance;
}

constexpr std::array kReaders{
    VersionReader<Provenance>{1, readVersion1},
};

} // namespace

QByteArray provenanceText(const Provenance& provenance)
{
    return documents::readableJson(
        QJsonObject{{QLatin1String("schema"), toQString(kProvenanceSchema)},
                    {QLatin1String("source"), toQString(provenance.source)},
                    {QLatin1String("importedAt"), toQString(toIso8601(provenance.importedAt))},
                    {QLatin1String("role"), toQString(trustRoleText(provenance.role))}});
}

Result<Provenance> provenanceFromText(ByteView text)
{
    TRY_ASSIGN(const auto document, documents::parseJsonObject(text));
    return documents::readByVersion(MemberReader{document}, kProvenanceDocument, kReaders);
}

} // namespace enroll::db::trust
