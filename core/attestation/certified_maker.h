#pragma once

#include "core/crypto/certificate.h"

#include <cstdint>
#include <optional>
#include <string>

namespace enroll::attestation {

/// The maker's TCG vendor id in an EK certificate: 0x49465800 for "id:49465800". Absent if the certificate names none
/// in that form, or more than one. Source: TCG EK Credential Profile, "TPM Manufacturer"; TCG Vendor ID Registry.
std::optional<std::uint32_t> certifiedManufacturer(const crypto::Certificate& certificate);

/// True if the certificate names more than one maker, so that nobody knows whose TPM it is of.
bool namesSeveralManufacturers(const crypto::Certificate& certificate);

/// The TCG vendor id in "id:49465800", the form in which an EK certificate names a maker. Absent for another text.
std::optional<std::uint32_t> vendorIdOf(const std::string& manufacturer);

/// "IFX" for 0x49465800: the letters of a vendor id, without NULs and spaces.
std::string manufacturerText(std::uint32_t id);

/// "IFX" for "id:49465800"; another text, or an id that is no letters, as printableText().
std::string certifiedMakerText(const std::string& manufacturer);

/// True if the certificate was issued for a TPM that is a program: by the maker or model in it, or by its issuer. The
/// authorities of clouds and hypervisors are genuine, and so is the path to them; the TPM is none the less no chip.
bool certifiesSoftwareTpm(const crypto::Certificate& certificate);

/// True if the name of an authority, as in its certificate (RFC 2253), is one of those that certify software TPMs alone.
bool isSoftwareTpmAuthority(const std::string& distinguishedName);

/// True for what swtpm's own authority writes (id:00001014, IBM's PCI vendor number) beside what libtpms says of itself
/// ("IBM").
bool isSwtpmPair(std::uint32_t certified, std::uint32_t stated) noexcept;

} // namespace enroll::attestation
