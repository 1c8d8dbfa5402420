#pragma once

#include "core/scanner/scanner_port.h"
#include "core/system/descriptor.h"

namespace enroll::scanner {

/// A scanner on the serial line \p terminal, which is open. Errors as openScanner().
Result<std::unique_ptr<ScannerPort>> openSerialScanner(system::Descriptor terminal,
                                                       const enrollment::OwnScanner& scanner);

} // namespace enroll::scanner
