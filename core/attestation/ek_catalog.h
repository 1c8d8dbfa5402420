#pragma once

#include "core/attestation/public_area.h"

#include <array>
#include <concepts>
#include <span>

namespace enroll::attestation {

/// How an endorsement key was made, as far as that can be known. Every kind before Nv has a row in the catalog.
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

/// What stands in the template where a key's modulus or point will be.
enum class UniqueField {
    Zeros, ///< as many zero bytes as the key needs; a nonce overwrites the first of them
    Empty, ///< size 0
};

using NvIndex = std::optional<std::uint32_t>; ///< absent: the kind has none
using EkParameters = std::variant<RsaParameters, EccParameters>;

/// One kind of endorsement key: all that the product knows of it.
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

/// Every kind, in the order of EkTemplate.
/// Source: TCG EK Credential Profile 2.5, "Default EK Templates", "NV Index Assignments", "EK Policies"; azure-utpm-c,
/// GetEkTemplate. The profile assigns no handles: 0x81010001 is what device SDKs use, the others are swtpm's, which end
/// like the certificate's index.
std::span<const EkRow> ekCatalog() noexcept;

/// The row of a kind, or null for Nv and Unknown.
const EkRow* findEkRow(EkTemplate kind) noexcept;

/// "tcg-l1", …, "azure-empty-unique", "nv", "unknown".
std::string_view ekTemplateText(EkTemplate value) noexcept;
/// Every value there is, for readers of documents.
std::span<const EkTemplate> everyEkTemplate() noexcept;

/// The template with which a TPM makes the key of a kind.
PublicArea ekTemplateArea(const EkRow& row);

/// A template, and what it makes.
struct EkRecipe {
    PublicArea area;
    EkTemplate kind = EkTemplate::Unknown; ///< Nv where NV holds other than the row's own template
};

/// The row's template, or the one that the TPM's maker left in NV, with the nonce from NV in `unique`. Content that is
/// no template for a key of the row's algorithm, or no nonce of at most 64 bytes, counts as absent: swtpm keeps a
/// template where the standard has the P-256 nonce.
/// \par Source   TCG EK Credential Profile 2.5, "EK Nonce" and "EK Template"
EkRecipe ekRecipe(const EkRow& row, const std::optional<Bytes>& storedTemplate, const std::optional<Bytes>& nonce);

/// True if a key with this public area may have been made from the row's template: all but `unique` is the same.
bool looksLike(const PublicArea& area, const EkRow& row);

/// The only kind that \p area looks like; Unknown where it is none, or several: L-1 and Azure's differ in `unique`
/// alone.
EkTemplate ekTemplateOf(const PublicArea& area);

/// True if the key of \p area is of the algorithm of the row's keys, e.g. RSA 2048: the row's certificate may be its.
bool hasAlgorithmOf(const PublicArea& area, const EkRow& row) noexcept;

/// True for kinds that this program can make a challenge for. SM2 with SM4 it cannot.
bool canBeAttested(const EkRow& row) noexcept;

/// Which key of a TPM a product enrolls.
struct EkChoice {
    enum class Rule {
        AtHandle,   ///< whatever key is at the row's handle; where it is free, the one that the row's template makes
        OfTemplate, ///< the key that the row's template makes, persistent or not
    };
    EkTemplate kind = EkTemplate::TcgL1; ///< one that has a row
    Rule rule = Rule::AtHandle;
    bool operator==(const EkChoice&) const = default;

    [[nodiscard]] const EkRow& row() const noexcept;
};

/// A word of `enroll` in a profile and the key it means.
struct EkChoiceWord {
    std::string_view word;
    EkChoice choice;
};

/// The words that a profile may use: "persistent-0x81010001", "tcg-default", "ecc-p256" and the word of every row that
/// can be attested.
std::span<const EkChoiceWord> ekChoiceWords() noexcept;

} // namespace enroll::attestation
