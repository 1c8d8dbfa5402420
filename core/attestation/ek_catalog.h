#pragma once

#include "core/attestation/public_area.h"

#include <array>
#include <concepts>
#include <span>

namespace enroll::attestation {

/// How an endorsement key was made, as far as that can be known. Every kind before Nv has a row in the catalog.
///
/// A new kind takes: its enumerator before Nv and its row at the same place in ek_catalog.cpp; a curve or hash that is new
/// also in core/crypto. Profiles and documents know its word from the row. The tests count the words (tst_ek_catalog) and
/// make every kind on a software TPM (tst_esys_device_tpm), but for those that it cannot make.
enum class EkTemplate {
    TcgL1,
    TcgL2,
    TcgH1,
    TcgH2,
    TcgH3,
    TcgH4,
    TcgH5,
    TcgH6,
    TcgH7,
    AzureEmptyUnique,
    Nv,      ///< from the template or the nonce that the TPM's maker left in NV
    Unknown, ///< keys of several templates look alike
};

/// A member of a row that has to be written down: a row without it does not compile.
template <class T>
class Stated {
public:
    template <class U>
    requires std::convertible_to<U, T>
    constexpr Stated(U value) : m_value(value) {} // NOLINT(google-explicit-constructor)

    constexpr const T& operator*() const noexcept { return m_value; }

private:
    T m_value;
};

/// The content of `unique` in a template, where the created key has its modulus or point. It is an input of the key's
/// derivation: another content gives another key.
enum class UniqueField {
    Zeros, ///< as many zero bytes as the key needs; a nonce overwrites the first of them
    Empty, ///< size 0
};

using NvIndex = std::optional<std::uint32_t>; ///< absent: the kind has none
using EkParameters = std::variant<RsaParameters, EccParameters>;

/// One kind of endorsement key, with everything that the product knows of it.
struct EkRow {
    Stated<EkTemplate> kind;
    Stated<std::string_view> word; ///< in documents, on screens and in profiles
    Stated<std::uint32_t> handle;  ///< where such a key is made persistent
    Stated<NvIndex> certificate;
    Stated<NvIndex> nonce;
    Stated<NvIndex> storedTemplate; ///< where the TPM's maker may have left another template
    Stated<std::uint32_t> attributes;
    Stated<EkParameters> parameters;
    Stated<UniqueField> unique;
    Stated<crypto::HashAlgorithm> nameAlgorithm;
    Stated<std::string_view> policy; ///< digest in hexadecimal, of nameAlgorithm's size
};

/// Where device SDKs look for the endorsement key: whatever key is there they use as it is.
/// Source: azure-utpm-c, azure-iot-sdk-csharp and its sisters; none checks how the key was made.
inline constexpr std::uint32_t kDeviceSdkHandle = 0x81010001;

/// Every kind, in the order of EkTemplate.
///
/// The TCG profile assigns no persistent handles. 0x81010001 is the one that device SDKs use; the others are those of
/// swtpm, whose last digits are those of the certificate's index.
/// \par Source   TCG EK Credential Profile 2.5, "Default EK Templates", "NV Index Assignments", "EK Policies";
///               azure-utpm-c, GetEkTemplate
std::span<const EkRow> ekCatalog() noexcept;

/// The row of a kind, or null for Nv and Unknown.
const EkRow* findEkRow(EkTemplate kind) noexcept;

/// "tcg-l1", …, "azure-empty-unique", "nv", "unknown".
std::string_view ekTemplateText(EkTemplate value) noexcept;
/// Every value, for readers of documents.
std::span<const EkTemplate> everyEkTemplate() noexcept;

/// The template from which TPM2_CreatePrimary makes the key of a row.
PublicArea ekTemplateArea(const EkRow& row);

/// The template to create a key from, and the kind of key that it makes.
struct EkRecipe {
    PublicArea area;
    EkTemplate kind = EkTemplate::Unknown; ///< Nv if the maker's template in NV differs from the row's own
};

/// The template to create a row's key from: the one that the TPM's maker stored in NV, else the row's own, with the
/// nonce from NV at the start of `unique`. Pure.
///
/// Content that is not a template for the row's algorithm counts as absent, and so does a nonce of more than 64 bytes:
/// swtpm stores a template in the index that the standard gives to the P-256 nonce.
/// \par Source   TCG EK Credential Profile 2.5, "EK Nonce" and "EK Template"
EkRecipe ekRecipe(const EkRow& row, const std::optional<Bytes>& storedTemplate, const std::optional<Bytes>& nonce);

/// True if a key with this public area may have been made from the row's template: everything but `unique` is equal.
bool looksLike(const PublicArea& area, const EkRow& row);

/// The kind that \p area looks like if there is exactly one, else Unknown. L-1 and Azure's template differ only in
/// `unique`, so their keys look alike.
EkTemplate ekTemplateOf(const PublicArea& area);

/// True if \p area has the algorithm of the row's keys, such as RSA-2048: the row's certificate may be for this key.
bool hasAlgorithmOf(const PublicArea& area, const EkRow& row) noexcept;

/// True for kinds that this program can make a challenge for: all but SM2 with SM4.
bool canBeAttested(const EkRow& row) noexcept;

/// Which endorsement key of a TPM a product profile enrolls.
struct EkChoice {
    enum class Rule {
        AtHandle, ///< the key at the row's handle, whatever made it; if the handle is free, that of the row's template
        OfTemplate, ///< the key that the row's template makes, persistent or not
    };
    EkTemplate kind = EkTemplate::TcgL1; ///< one that has a row
    Rule rule = Rule::AtHandle;
    bool operator==(const EkChoice&) const = default;

    [[nodiscard]] const EkRow& row() const noexcept;
};

/// A word for endorsement_key.enroll in a profile, and its meaning.
struct EkChoiceWord {
    std::string_view word;
    EkChoice choice;
};

/// The words that a profile may use: "persistent-0x81010001", "tcg-default", "ecc-p256" and the word of every row that
/// can be attested.
std::span<const EkChoiceWord> ekChoiceWords() noexcept;

} // namespace enroll::attestation
