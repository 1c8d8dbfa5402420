#include "core/attestation/ek_catalog.h"

#include "core/attestation/tpm_algorithm.h"
#include "core/base/assert.h"

#include <algorithm>
#include <vector>

namespace enroll::attestation {
namespace {

using crypto::HashAlgorithm;

constexpr std::size_t kLongestNonce = 64;
constexpr std::size_t kLongestTemplate = 1024; // an RSA-4096 template has less than 600 bytes

constexpr std::uint32_t kLowRange = object_attribute::kFixedTpm | object_attribute::kFixedParent |
                                    object_attribute::kSensitiveDataOrigin | object_attribute::kAdminWithPolicy |
                                    object_attribute::kRestricted | object_attribute::kDecrypt;
constexpr std::uint32_t kHighRange = kLowRange | object_attribute::kUserWithAuth;

// PolicyA is PolicySecret(TPM_RH_ENDORSEMENT); PolicyB is PolicyOR of it and of PolicyC, PolicyAuthorizeNV of the index
// 0x01C07F01 and the following.
constexpr std::string_view kPolicyASha256 = "837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa";
constexpr std::string_view kPolicyBSha256 = "ca3d0a99a2b93906f7a3342414efcfb3a385d44cd1fd459089d19b5071c0b7a0";
constexpr std::string_view kPolicyBSha384 =
    "b26e7d28d11a50bc53d882bcf5fd3a1a074148bb35d3b4e4cb1c0ad9bde419cacb47ba09699646150f9fc000f3f80e12";
constexpr std::string_view kPolicyBSha512 = "b8221ca69e8550a4914de3faa6a18c072cc01208073a928d5d66d59ef79e49a429c41a6b26"
                                            "9571d57edb25fbdb1838425608b413cd616a5f6db5b6071af99bea";
constexpr std::string_view kPolicyBSm3 = "167860a35f2c5c3567f9c927ac56c032f3b3a6462f8d037998e7a10f77fa454a";

constexpr EkParameters rsa(std::uint16_t keyBits, std::uint16_t aesBits)
{
    return RsaParameters{.symmetric = SymmetricParent{aesBits}, .keyBits = keyBits};
}

constexpr EkParameters ecc(std::uint16_t curve, SymmetricParent symmetric)
{
    return EccParameters{.symmetric = symmetric, .curve = curve};
}

constexpr std::array kRows{
    EkRow{.kind = EkTemplate::TcgL1,
          .word = "tcg-l1",
          .handle = kDeviceSdkHandle,
          .certificate = 0x01C00002,
          .nonce = 0x01C00003,
          .storedTemplate = 0x01C00004,
          .attributes = kLowRange,
          .parameters = rsa(2048, 128),
          .unique = UniqueField::Zeros,
          .nameAlgorithm = HashAlgorithm::Sha256,
          .policy = kPolicyASha256},
    EkRow{.kind = EkTemplate::TcgL2,
          .word = "tcg-l2",
          .handle = 0x8101000A,
          .certificate = 0x01C0000A,
          .nonce = 0x01C0000B,
          .storedTemplate = 0x01C0000C,
          .attributes = kLowRange,
          .parameters = ecc(alg::kNistP256, {128}),
          .unique = UniqueField::Zeros,
          .nameAlgorithm = HashAlgorithm::Sha256,
          .policy = kPolicyASha256},
    EkRow{.kind = EkTemplate::TcgH1,
          .word = "tcg-h1",
          .handle = 0x81010012,
          .certificate = 0x01C00012,
          .nonce = std::nullopt,
          .storedTemplate = 0x01C00013,
          .attributes = kHighRange,
          .parameters = rsa(2048, 128),
          .unique = UniqueField::Empty,
          .nameAlgorithm = HashAlgorithm::Sha256,
          .policy = kPolicyBSha256},
    EkRow{.kind = EkTemplate::TcgH2,
          .word = "tcg-h2",
          .handle = 0x81010014,
          .certificate = 0x01C00014,
          .nonce = std::nullopt,
          .storedTemplate = 0x01C00015,
          .attributes = kHighRange,
          .parameters = ecc(alg::kNistP256, {128}),
          .unique = UniqueField::Empty,
          .nameAlgorithm = HashAlgorithm::Sha256,
          .policy = kPolicyBSha256},
    EkRow{.kind = EkTemplate::TcgH3,
          .word = "tcg-h3",
          .handle = 0x81010016,
          .certificate = 0x01C00016,
          .nonce = std::nullopt,
          .storedTemplate = 0x01C00017,
          .attributes = kHighRange,
          .parameters = ecc(alg::kNistP384, {256}),
          .unique = UniqueField::Empty,
          .nameAlgorithm = HashAlgorithm::Sha384,
          .policy = kPolicyBSha384},
    EkRow{.kind = EkTemplate::TcgH4,
          .word = "tcg-h4",
          .handle = 0x81010018,
          .certificate = 0x01C00018,
          .nonce = std::nullopt,
          .storedTemplate = 0x01C00019,
          .attributes = kHighRange,
          .parameters = ecc(alg::kNistP521, {256}),
          .unique = UniqueField::Empty,
          .nameAlgorithm = HashAlgorithm::Sha512,
          .policy = kPolicyBSha512},
    EkRow{.kind = EkTemplate::TcgH5,
          .word = "tcg-h5",
          .handle = 0x8101001A,
          .certificate = 0x01C0001A,
          .nonce = std::nullopt,
          .storedTemplate = 0x01C0001B,
          .attributes = kHighRange,
          .parameters = ecc(alg::kSm2P256, {128, alg::kSm4}),
          .unique = UniqueField::Empty,
          .nameAlgorithm = HashAlgorithm::Sm3,
          .policy = kPolicyBSm3},
    EkRow{.kind = EkTemplate::TcgH6,
          .word = "tcg-h6",
          .handle = 0x8101001C,
          .certificate = 0x01C0001C,
          .nonce = std::nullopt,
          .storedTemplate = 0x01C0001D,
          .attributes = kHighRange,
          .parameters = rsa(3072, 256),
          .unique = UniqueField::Empty,
          .nameAlgorithm = HashAlgorithm::Sha384,
          .policy = kPolicyBSha384},
    EkRow{.kind = EkTemplate::TcgH7,
          .word = "tcg-h7",
          .handle = 0x8101001E,
          .certificate = 0x01C0001E,
          .nonce = std::nullopt,
          .storedTemplate = 0x01C0001F,
          .attributes = kHighRange,
          .parameters = rsa(4096, 256),
          .unique = UniqueField::Empty,
          .nameAlgorithm = HashAlgorithm::Sha384,
          .policy = kPolicyBSha384},
    EkRow{.kind = EkTemplate::AzureEmptyUnique,
          .word = "azure-empty-unique",
          .handle = kDeviceSdkHandle,
          .certificate = std::nullopt,
          .nonce = std::nullopt,
          .storedTemplate = std::nullopt,
          .attributes = kLowRange,
          .parameters = rsa(2048, 128),
          .unique = UniqueField::Empty,
          .nameAlgorithm = HashAlgorithm::Sha256,
          .policy = kPolicyASha256},
};

constexpr auto kKinds = static_cast<std::size_t>(EkTemplate::Nv);

/// The kind is the row's place: whoever adds the one without the other is stopped here.
constexpr bool everyKindHasItsRow()
{
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (*kRows[i].kind != static_cast<EkTemplate>(i)) {
            return false;
        }
    }
    return kRows.size() == kKinds;
}
static_assert(everyKindHasItsRow(), "every EkTemplate before Nv has one row, in the same order");

constexpr auto kEveryTemplate = [] {
    std::array<EkTemplate, static_cast<std::size_t>(EkTemplate::Unknown) + 1> all{};
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = static_cast<EkTemplate>(i);
    }
    return all;
}();

/// The size of `unique` in bytes: that of the modulus, or of one coordinate.
struct UniqueSize {
    std::size_t operator()(const RsaParameters& rsa) const noexcept { return rsa.keyBits / 8U; }
    std::size_t operator()(const EccParameters& ecc) const noexcept
    {
        return crypto::coordinateSize(static_cast<crypto::EccCurve>(ecc.curve));
    }
};

/// Makes the `unique` field of a template: the nonce at the start, zeros behind it; of size 0 if there is no nonce and
/// the template has none. For ECC the nonce goes into x.
struct MakeUnique {
    ByteView nonce;
    UniqueField field;

    using Unique = std::variant<Bytes, EccPoint>;
    [[nodiscard]] Bytes padded(std::size_t size) const
    {
        auto bytes = toBytes(nonce);
        bytes.resize(field == UniqueField::Empty && nonce.empty() ? 0 : size);
        return bytes;
    }
    Unique operator()(const RsaParameters& rsa) const { return padded(UniqueSize{}(rsa)); }
    Unique operator()(const EccParameters& ecc) const
    {
        const auto size = field == UniqueField::Empty && nonce.empty() ? 0 : UniqueSize{}(ecc);
        return EccPoint{padded(size), Bytes(size)};
    }
};

/// The algorithm of a key: "RSA 2048", "ECC P-256". A certificate can be for a key only if both are equal.
struct KeyAlgorithm {
    std::uint16_t type;
    std::uint16_t size; ///< bits, or the curve
    bool operator==(const KeyAlgorithm&) const = default;
};

struct AlgorithmOf {
    KeyAlgorithm operator()(const RsaParameters& rsa) const noexcept { return {alg::kRsa, rsa.keyBits}; }
    KeyAlgorithm operator()(const EccParameters& ecc) const noexcept { return {alg::kEcc, ecc.curve}; }
    KeyAlgorithm operator()(const HmacParameters&) const noexcept { return {alg::kKeyedHash, 0}; }
};

struct SymmetricOf {
    const std::optional<SymmetricParent>& operator()(const RsaParameters& rsa) const noexcept { return rsa.symmetric; }
    const std::optional<SymmetricParent>& operator()(const EccParameters& ecc) const noexcept { return ecc.symmetric; }
};

/// The template in the content of an NV index: a TPMT_PUBLIC without the size prefix.
std::optional<PublicArea> areaIn(const std::optional<Bytes>& content)
{
    if (!content || content->size() > kLongestTemplate) {
        return std::nullopt;
    }
    auto area = parsePublic(std::move(ByteWriter{}.sized(*content)).take());
    return area.ok() ? std::optional{std::move(area).value()} : std::nullopt;
}

std::optional<PublicArea> storedArea(const EkRow& row, const std::optional<Bytes>& content)
{
    auto area = areaIn(content);
    return area && hasAlgorithmOf(*area, row) ? std::move(area) : std::nullopt;
}

/// True for 1 to 64 bytes that are not a template. swtpm stores a template in the index of the P-256 nonce.
bool isNonce(const std::optional<Bytes>& content)
{
    return content && !content->empty() && content->size() <= kLongestNonce && !areaIn(content);
}

std::vector<EkChoiceWord> choiceWords()
{
    using Rule = EkChoice::Rule;
    std::vector<EkChoiceWord> words{{"persistent-0x81010001", {EkTemplate::TcgL1, Rule::AtHandle}},
                                    {"tcg-default", {EkTemplate::TcgL1, Rule::OfTemplate}},
                                    {"ecc-p256", {EkTemplate::TcgL2, Rule::OfTemplate}}};
    for (const auto& row : kRows) {
        if (canBeAttested(row)) {
            words.push_back({*row.word, {*row.kind, Rule::OfTemplate}});
        }
    }
    return words;
}

} // namespace

std::span<const EkRow> ekCatalog() noexcept
{
    return kRows;
}

const EkRow* findEkRow(EkTemplate kind) noexcept
{
    const auto place = static_cast<std::size_t>(kind);
    return place < kRows.size() ? &kRows[place] : nullptr;
}

std::string_view ekTemplateText(EkTemplate value) noexcept
{
    if (const auto* row = findEkRow(value)) {
        return *row->word;
    }
    return value == EkTemplate::Nv ? "nv" : "unknown";
}

std::span<const EkTemplate> everyEkTemplate() noexcept
{
    return kEveryTemplate;
}

PublicArea ekTemplateArea(const EkRow& row)
{
    PublicArea area;
    area.nameAlgorithm = *row.nameAlgorithm;
    area.attributes = *row.attributes;
    area.authPolicy = fromHex(*row.policy).value();
    std::visit([&area](const auto& parameters) { area.parameters = parameters; }, *row.parameters);
    area.unique = std::visit(MakeUnique{{}, *row.unique}, *row.parameters);
    return area;
}

EkRecipe ekRecipe(const EkRow& row, const std::optional<Bytes>& storedTemplate, const std::optional<Bytes>& nonce)
{
    const auto own = ekTemplateArea(row);
    auto area = storedArea(row, storedTemplate).value_or(own);
    if (isNonce(nonce)) {
        area.unique = std::visit(MakeUnique{*nonce, UniqueField::Zeros}, *row.parameters);
    }
    const auto kind = area == own ? *row.kind : EkTemplate::Nv;
    return {std::move(area), kind};
}

bool looksLike(const PublicArea& area, const EkRow& row)
{
    auto withoutKey = area;
    const auto own = ekTemplateArea(row);
    withoutKey.unique = own.unique;
    return withoutKey == own;
}

EkTemplate ekTemplateOf(const PublicArea& area)
{
    const auto fits = [&area](const EkRow& row) { return looksLike(area, row); };
    const auto first = std::ranges::find_if(kRows, fits);
    if (first == kRows.end() || std::find_if(first + 1, kRows.end(), fits) != kRows.end()) {
        return EkTemplate::Unknown;
    }
    return *first->kind;
}

bool hasAlgorithmOf(const PublicArea& area, const EkRow& row) noexcept
{
    return std::visit(AlgorithmOf{}, area.parameters) == std::visit(AlgorithmOf{}, *row.parameters);
}

bool canBeAttested(const EkRow& row) noexcept
{
    const auto& symmetric = std::visit(SymmetricOf{}, *row.parameters);
    return symmetric && symmetric->algorithm == alg::kAes;
}

const EkRow& EkChoice::row() const noexcept
{
    const auto* row = findEkRow(kind);
    ENROLL_ASSERT(row != nullptr, "the key that a profile chooses has a row in the catalog");
    return *row;
}

std::span<const EkChoiceWord> ekChoiceWords() noexcept
{
    static const auto words = choiceWords();
    return words;
}

} // namespace enroll::attestation
