package pdf

import (
	"image"
	"sync"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// oneForm lets one form environment exist at a time: go-pdfium keeps them in one table for the whole process, by their
// address inside an instance, so two instances could otherwise answer for each other.
var oneForm sync.Mutex

// fields draws the form fields of the page over it, signature pictures among them: a viewer shows them, so the picture
// of the page must.
func (w *worker) fields(d *document, bm references.FPDF_BITMAP, p requests.Page, full image.Point, r image.Rectangle, flags enums.FPDF_RENDER_FLAG) error {
	if !d.formKnown {
		t, err := w.inst.FPDF_GetFormType(&requests.FPDF_GetFormType{Document: d.ref})
		if err != nil {
			return err
		}
		d.formKnown, d.hasForm = true, t.FormType != enums.FPDF_FORMTYPE_NONE
	}
	if !d.hasForm {
		return nil
	}
	oneForm.Lock()
	defer oneForm.Unlock()
	env, err := w.inst.FPDFDOC_InitFormFillEnvironment(&requests.FPDFDOC_InitFormFillEnvironment{Document: d.ref, FormFillInfo: inert})
	if err != nil {
		return err
	}
	defer w.inst.FPDFDOC_ExitFormFillEnvironment(&requests.FPDFDOC_ExitFormFillEnvironment{FormHandle: env.FormHandle})
	_, err = w.inst.FPDF_FFLDraw(&requests.FPDF_FFLDraw{
		FormHandle: env.FormHandle, Bitmap: bm, Page: p, StartX: -r.Min.X, StartY: -r.Min.Y, SizeX: full.X, SizeY: full.Y, Flags: flags,
	})
	return err
}

// inert answers PDFium's questions about the surroundings of a form: nothing is shown, no timer runs, no action acts.
var inert = structs.FPDF_FORMFILLINFO{
	FFI_Invalidate:         func(references.FPDF_PAGE, float64, float64, float64, float64) {},
	FFI_SetCursor:          func(enums.FXCT) {},
	FFI_SetTimer:           func(int, func(int)) int { return 0 },
	FFI_KillTimer:          func(int) {},
	FFI_GetLocalTime:       func() structs.FPDF_SYSTEMTIME { return structs.FPDF_SYSTEMTIME{} },
	FFI_GetPage:            func(references.FPDF_DOCUMENT, int) *references.FPDF_PAGE { return nil },
	FFI_GetRotation:        func(references.FPDF_PAGE) enums.FPDF_PAGE_ROTATION { return 0 },
	FFI_ExecuteNamedAction: func(string) {},
}
