#include "core/attestation/ek_catalog.h"
#include "core/attestation/tpm_algorithm.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

#include <set>

using namespace enroll;
using namespace enroll::attestation;
using crypto::HashAlgorithm;
using enroll::test::must;

namespace {

constexpr std::uint32_t kPolicySecret = 0x151;      // TPM_CC
constexpr std::uint32_t kPolicyOr = 0x171;          // TPM_CC
constexpr std::uint32_t kPolicyAuthorizeNv = 0x192; // TPM_CC
constexpr std::uint32_t kEndorsement = 0x4000000B;  // TPM_RH_ENDORSEMENT
constexpr std::uint32_t kPolicyIndexAttributes = 0x220F1008;

Bytes hashed(HashAlgorithm hash, std::initializer_list<ByteView> parts)
{
    return must(crypto::digest(hash, parts));
}

Bytes zeros(HashAlgorithm hash)
{
    return Bytes(crypto::digestSize(hash));
}

Bytes u32(std::uint32_t value)
{
    return std::move(ByteWriter{}.u32(value)).take();
}

/// PolicySecret(TPM_RH_ENDORSEMENT) with an empty policyRef.
Bytes policyA(HashAlgorithm hash)
{
    return hashed(hash, {hashed(hash, {zeros(hash), u32(kPolicySecret), u32(kEndorsement)})});
}

/// The index that holds the policy for a name algorithm: I-1 to I-4.
std::uint32_t policyIndex(HashAlgorithm hash)
{
    switch (hash) {
    case HashAlgorithm::Sha256:
        return 0x01C07F01;
    case HashAlgorithm::Sha384:
        return 0x01C07F02;
    case HashAlgorithm::Sha512:
        return 0x01C07F03;
    case HashAlgorithm::Sm3:
        return 0x01C07F04;
    case HashAlgorithm::Sha1:
        break;
    }
    return 0;
}

/// PolicyAuthorizeNV of that index.
Bytes policyC(HashAlgorithm hash)
{
    const auto algorithm = static_cast<std::uint16_t>(hash);
    ByteWriter area;
    area.u32(policyIndex(hash)).u16(algorithm).u32(kPolicyIndexAttributes).sized(policyA(hash));
    area.u16(static_cast<std::uint16_t>(crypto::digestSize(hash) + 2));
    const auto name = std::move(ByteWriter{}.u16(algorithm).bytes(hashed(hash, {area.view()}))).take();
    return hashed(hash, {zeros(hash), u32(kPolicyAuthorizeNv), name});
}

Bytes policyB(HashAlgorithm hash)
{
    return hashed(hash, {zeros(hash), u32(kPolicyOr), policyA(hash), policyC(hash)});
}

bool isHighRange(const EkRow& row)
{
    return (*row.attributes & object_attribute::kUserWithAuth) != 0;
}

const EkRow& rowOf(EkTemplate kind)
{
    return *findEkRow(kind);
}

/// A key that was made from the row's template.
PublicArea madeFrom(const EkRow& row)
{
    auto area = ekTemplateArea(row);
    if (std::holds_alternative<EccPoint>(area.unique)) {
        area.unique = EccPoint{Bytes(32, std::byte{7}), Bytes(32, std::byte{9})};
    } else {
        area.unique = Bytes(256, std::byte{7});
    }
    return area;
}

Bytes storedForm(const PublicArea& area)
{
    return marshalPublicArea(area);
}

} // namespace

class tst_ek_catalog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyRow_data()
    {
        QTest::addColumn<int>("kind");
        for (const auto& row : ekCatalog()) {
            QTest::newRow(std::string{*row.word}.c_str()) << static_cast<int>(*row.kind);
        }
    }

    /// Source: TCG EK Credential Profile 2.5, "EK Policies".
    void everyRow()
    {
        QFETCH(int, kind);
        const auto& row = rowOf(static_cast<EkTemplate>(kind));
        const auto hash = *row.nameAlgorithm;
        QCOMPARE(std::string{*row.policy}, toHex(isHighRange(row) ? policyB(hash) : policyA(hash)));
        QCOMPARE(*row.attributes, isHighRange(row) ? 0x000300F2U : 0x000300B2U);
        QCOMPARE(isHighRange(row) && (*row.nonce).has_value(), false);
        QCOMPARE(ekTemplateText(*row.kind), *row.word);
        QVERIFY(*row.handle >= 0x81010000U && *row.handle <= 0x8101FFFFU);
    }

    /// Source: TCG EK Credential Profile 2.5, "NV Index Assignments".
    void theIndicesFollowEachOther()
    {
        for (const auto& row : ekCatalog()) {
            if (!*row.certificate) {
                continue;
            }
            const auto certificate = **row.certificate;
            QCOMPARE(**row.storedTemplate, certificate + (isHighRange(row) ? 1 : 2));
            if (*row.nonce) {
                QCOMPARE(**row.nonce, certificate + 1);
            }
        }
        QCOMPARE(**rowOf(EkTemplate::TcgL1).certificate, 0x01C00002U);
        QCOMPARE(**rowOf(EkTemplate::TcgL2).certificate, 0x01C0000AU);
        QCOMPARE(**rowOf(EkTemplate::TcgH1).certificate, 0x01C00012U);
        QCOMPARE(**rowOf(EkTemplate::TcgH7).certificate, 0x01C0001EU);
    }

    void everyTemplateHasAWordOfItsOwn()
    {
        std::set<std::string_view> words;
        for (const auto kind : everyEkTemplate()) {
            words.insert(ekTemplateText(kind));
        }
        QCOMPARE(words.size(), std::size_t{12});
        QVERIFY(words.contains("tcg-h5") && words.contains("azure-empty-unique"));
        QVERIFY(words.contains("nv") && words.contains("unknown"));
    }

    /// The public area of the worked example is a key of template L-1.
    void theL1TemplateIsTheOneThatKeysInTheFieldShow()
    {
        const auto key = test::WorkedChallenge{}.keys().endorsementKey.area;
        QVERIFY(looksLike(key, rowOf(EkTemplate::TcgL1)));
        QCOMPARE(toHex(marshalPublic(ekTemplateArea(rowOf(EkTemplate::TcgL1)))).substr(0, 120),
                 toHex(marshalPublic(key)).substr(0, 120));
    }

    /// Source: TCG EK Credential Profile 2.5, "Template H-5": SM2, SM3, SM4.
    void theH5TemplateIsWrittenAsTheStandardHasIt()
    {
        const auto area = toHex(marshalPublicArea(ekTemplateArea(rowOf(EkTemplate::TcgH5))));
        QCOMPARE(area, "00230012000300f20020" + std::string{*rowOf(EkTemplate::TcgH5).policy} +
                           "001300800043"
                           "0010"
                           "0020"
                           "0010"
                           "00000000");
    }

    void tellsTheKindFromThePublicAreaWhereOnlyOneFits()
    {
        QCOMPARE(ekTemplateOf(madeFrom(rowOf(EkTemplate::TcgL2))), EkTemplate::TcgL2);
        QCOMPARE(ekTemplateOf(madeFrom(rowOf(EkTemplate::TcgH2))), EkTemplate::TcgH2);
        QCOMPARE(ekTemplateOf(madeFrom(rowOf(EkTemplate::TcgH1))), EkTemplate::TcgH1);
        QCOMPARE(ekTemplateOf(madeFrom(rowOf(EkTemplate::TcgL1))), EkTemplate::Unknown); // Azure's looks the same
        auto other = madeFrom(rowOf(EkTemplate::TcgL2));
        other.attributes |= object_attribute::kNoDa;
        QCOMPARE(ekTemplateOf(other), EkTemplate::Unknown);
    }

    void theNonceBeginsTheUniqueField()
    {
        const Bytes nonce(20, std::byte{0xAB});
        const auto recipe = ekRecipe(rowOf(EkTemplate::TcgL1), std::nullopt, nonce);
        auto wanted = nonce;
        wanted.resize(256);
        QCOMPARE(std::get<Bytes>(recipe.area.unique), wanted);
        QCOMPARE(recipe.kind, EkTemplate::Nv);

        const auto ecc = ekRecipe(rowOf(EkTemplate::TcgL2), std::nullopt, nonce);
        wanted.resize(32);
        QCOMPARE(std::get<EccPoint>(ecc.area.unique), (EccPoint{wanted, Bytes(32)}));
    }

    void aStoredTemplateIsUsedAsItIs()
    {
        auto stored = ekTemplateArea(rowOf(EkTemplate::TcgL1));
        stored.attributes |= object_attribute::kUserWithAuth;
        stored.unique = Bytes{};
        const auto recipe = ekRecipe(rowOf(EkTemplate::TcgL1), storedForm(stored), std::nullopt);
        QCOMPARE(recipe.area, stored);
        QCOMPARE(recipe.kind, EkTemplate::Nv);
    }

    void aStoredTemplateThatIsTheUsualOneIsNoOther()
    {
        const auto& row = rowOf(EkTemplate::TcgL1);
        QCOMPARE(ekRecipe(row, storedForm(ekTemplateArea(row)), std::nullopt).kind, EkTemplate::TcgL1);
    }

    void contentThatIsNoTemplateOrNoNonceIsPassedOver_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("nothing") << QByteArray{};
        QTest::newRow("filler") << QByteArray(1600, '\xFF');
        QTest::newRow("longer than any template") << QByteArray(16'000, 'x');
        const auto other = storedForm(ekTemplateArea(rowOf(EkTemplate::TcgL2)));
        QTest::newRow("template of another algorithm, at the nonce's index as swtpm has it")
            << QByteArray{reinterpret_cast<const char*>(other.data()), static_cast<qsizetype>(other.size())};
        const auto small = storedForm(ekTemplateArea(rowOf(EkTemplate::TcgH2)));
        QTest::newRow("the same with an empty unique, as short as a nonce")
            << QByteArray{reinterpret_cast<const char*>(small.data()), static_cast<qsizetype>(small.size())};
    }
    void contentThatIsNoTemplateOrNoNonceIsPassedOver()
    {
        QFETCH(QByteArray, content);
        const auto bytes = toBytes(asBytes({content.data(), static_cast<std::size_t>(content.size())}));
        const auto& row = rowOf(EkTemplate::TcgL1);
        const auto recipe = ekRecipe(row, bytes, bytes);
        QCOMPARE(recipe.area, ekTemplateArea(row));
        QCOMPARE(recipe.kind, EkTemplate::TcgL1);
    }

    void everyKindButSm2CanBeChosen()
    {
        std::set<std::string_view> words;
        for (const auto& word : ekChoiceWords()) {
            words.insert(word.word);
            QVERIFY(canBeAttested(word.choice.row()));
        }
        QCOMPARE(words.size(), ekChoiceWords().size());
        for (const auto* wanted :
             {"persistent-0x81010001", "tcg-default", "azure-empty-unique", "ecc-p256", "tcg-h3"}) {
            QVERIFY2(words.contains(wanted), wanted);
        }
        QVERIFY(!words.contains("tcg-h5"));
    }
};

QTEST_GUILESS_MAIN(tst_ek_catalog)
#include "tst_ek_catalog.moc"
