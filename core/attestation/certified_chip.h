#pragma once

#include "core/attestation/firmware_version.h"

#include <cstdint>
#include <optional>
#include <string>

/// What an EK certificate says of its chip beside the maker, and whether the TPM's own words can be of the same chip. Pure.
/// The certificate's words are of the day when the chip was made; the TPM's are of today.
namespace enroll::attestation {

/// The first two numbers of the firmware that a chip was made with: {7, 85} for Infineon's "id:0755". Absent where the
/// certificate's words are not sure to be the same two numbers as in TPM_PT_FIRMWARE_VERSION_1.
///
/// The form differs from maker to maker. Taken are those of which certificates and TPMs of one kind of chip agree:
/// - Infineon, 4 digits, a byte each: id:0755 of SLB 9670 with 7.85, id:0D0B of SLM 9670 with 13.11, id:0F16 of SLB 9672
///   with 15.22
/// - STMicroelectronics, 8 digits, 16 bits each: id:00490008 with 73.8, id:00090100 of ST33KTPM2X with 9.256
/// - Nuvoton, 8 digits, 16 bits each: id:00070002 of NPCT75x with 7.2
///
/// Not taken are Nuvoton's id:13 (NPCT6xx) and STMicroelectronics' id:0D0C, which are of TPM 1.2 or of chips that were made
/// as such and have begun to count anew since; AMD's id:00060300, which is no version 6.768, as firmware 6.32 of such
/// TPMs shows; Intel's, Nationz' and software TPMs', of which nobody has said what they count.
/// \param maker    the TCG vendor id that the certificate names: another maker counts in another way
/// \param version  "id:0755"
std::optional<FirmwareVersion> certifiedFirmware(std::uint32_t maker, const std::string& version);

/// "7.85" for Infineon's "id:0755"; where certifiedFirmware() is absent, \p version as printableText().
/// \param manufacturer  "id:49465800", as the certificate names it
std::string certifiedFirmwareText(const std::string& manufacturer, const std::string& version);

/// True if both are known, and the certificate's is the later one. A TPM's later firmware is an update, and lawful.
/// \param stated  "7.85.4555.0", as TpmIdentity has it
bool isLaterThanStated(const std::optional<FirmwareVersion>& certified, const std::string& stated);

/// True if a TPM's vendor string and a certificate's model share nothing by which they could mean one chip.
///
/// Makers seldom write the same text in both ("SLB9670" and "SLB 9670 TPM2.0", "rls NPCT" and "NPCT75x"). Compared are
/// letters and digits in upper case without the word TPM: the two are of one chip if the shorter one is part of the other,
/// or if they share a run of four. A text of which fewer than three are left names no model, and is of any chip; many of
/// STMicroelectronics' TPMs have no vendor string at all.
bool namesOtherModel(const std::string& vendorString, const std::string& model);

/// True for a vendor string that says no more than the maker's name, as Intel's and AMD's firmware TPMs do: their
/// certificates may name a platform as the model.
bool isMakersName(const std::string& vendorString);

} // namespace enroll::attestation
