#include "ui/card/code128.h"

#include "core/base/assert.h"
#include "core/base/bytes.h"

#include <QPainter>

#include <memory>
#include <zint.h>

namespace enroll::ui {

void paintCode128(QPainter& painter, const QRectF& area, const std::string& text)
{
    const std::unique_ptr<zint_symbol, decltype(&ZBarcode_Delete)> symbol{ZBarcode_Create(), ZBarcode_Delete};
    ENROLL_ASSERT(symbol != nullptr, "memory for a barcode");
    symbol->symbology = BARCODE_CODE128;
    symbol->show_hrt = 0; // the caller writes what a person reads
    const auto failed =
        ZBarcode_Encode_and_Buffer_Vector(symbol.get(), u8(asBytes(text)), static_cast<int>(text.size()), 0);
    ENROLL_ASSERT(failed < ZINT_ERROR && symbol->vector != nullptr, "a text that Code 128 can hold");
    const auto& whole = *symbol->vector;
    const auto scaleX = area.width() / static_cast<double>(whole.width);
    for (const auto* bar = whole.rectangles; bar != nullptr; bar = bar->next) {
        painter.fillRect(QRectF(area.left() + static_cast<double>(bar->x) * scaleX, area.top(),
                                static_cast<double>(bar->width) * scaleX, area.height()),
                         Qt::black);
    }
}

} // namespace enroll::ui
