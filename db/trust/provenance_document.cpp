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
    TRY_ASSIGN(provenance.importedAt, reader.timeIfAny("importedAt"));
    TRY_ASSIGN(provenance.role, reader.word("role", crypto::kAllTrustRoles, crypto::trustRoleText));
    return provenance;
}

constexpr std::array kReaders{
    VersionReader<Provenance>{1, readVersion1},
};

/// What is known of a document of a version that this program cannot read: enough to leave its authority alone.
Provenance ofNewerVersion(const MemberReader& reader)
{
    return {reader.looseText("source"), {}, Word<crypto::TrustRole>::unknown(reader.looseText("role"))};
}

std::string_view roleText(const Word<crypto::TrustRole>& role)
{
    return wordText(role, crypto::trustRoleText);
}

} // namespace

QByteArray provenanceText(const Provenance& provenance)
{
    QJsonObject document{{QLatin1String("schema"), toQString(kProvenanceSchema)},
                         {QLatin1String("source"), toQString(provenance.source)},
                         {QLatin1String("role"), toQString(roleText(provenance.role))}};
    if (provenance.importedAt) {
        document.insert(QLatin1String("importedAt"), toQString(toIso8601(*provenance.importedAt)));
    }
    return documents::readableJson(document);
}

Result<Provenance> provenanceFromText(ByteView text)
{
    TRY_ASSIGN(const auto document, documents::parseJsonObject(text));
    const MemberReader reader{document};
    TRY_ASSIGN(const int version, reader.version(kProvenanceDocument));
    auto provenance = documents::readByVersion(reader, kProvenanceDocument, kReaders);
    const bool isNewer = version > kReaders.back().version;
    return provenance.ok() || !isNewer ? std::move(provenance) : ofNewerVersion(reader);
}

Word<crypto::TrustRole> witnessRole()
{
    return Word<crypto::TrustRole>::unknown("witness");
}

std::string whyItVouchesForNothing(const Word<crypto::TrustRole>& role)
{
    if (role.known() != nullptr) {
        return {};
    }
    if (role == witnessRole()) {
        return "it was removed and vouches for nothing: it stays known because it proves what was revoked";
    }
    return "it vouches for nothing: a newer program gave it the role '" + std::string{roleText(role)} +
           "', which this one does not know; use the newer one, or remove it here and import it again";
}

} // namespace enroll::db::trust
