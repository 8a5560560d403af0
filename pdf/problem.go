package pdf

// Codes of the problems. The sentence of each stands in the table below.
const (
	Empty        = "empty"
	NotPDF       = "not-pdf"
	TwoKinds     = "two-kinds"
	Truncated    = "truncated"
	Damaged      = "damaged"
	Encrypted    = "encrypted"
	NoPages      = "no-pages"
	PageTree     = "page-tree"
	PageCount    = "page-count"
	TooManyPages = "too-many-pages"
	PageBox      = "page-box"
	PageTooLarge = "page-too-large"
	PageTooSmall = "page-too-small"
	UserUnit     = "user-unit"
	TooHeavy     = "too-heavy"
	Bomb         = "bomb"
	Script       = "script"
	XFA          = "xfa"
	Launch       = "launch"
	Embedded     = "embedded-files"
	Unusual      = "unusual"
	FontMissing  = "font-missing"
)

var problems = map[string]struct {
	serious bool
	zh, en  string
}{
	Empty:        {true, "重新選擇檔案：這個檔案是空的（0 位元組）", "Choose the file again: this one is empty (0 bytes)"},
	NotPDF:       {true, "另存為 PDF 再上傳：這個檔案的內容不是 PDF", "Save it as PDF and upload again: the content of this file is not PDF"},
	TwoKinds:     {true, "用製圖軟體重新輸出 PDF：這個檔案同時是 PDF 與另一種檔案", "Export the PDF again from the drawing program: this file is a PDF and another kind of file at once"},
	Truncated:    {true, "重新輸出並上傳：這個檔案沒有結尾，傳送時可能中斷", "Export and upload again: this file has no end; it was probably cut off"},
	Damaged:      {true, "重新輸出 PDF：這個檔案已損壞，無法讀出內容", "Export the PDF again: this file is damaged and cannot be read"},
	Encrypted:    {true, "取消密碼保護後再上傳：這個檔案有加密", "Remove the password protection and upload again: this file is encrypted"},
	NoPages:      {true, "重新輸出 PDF：這個檔案沒有任何頁面", "Export the PDF again: this file has no pages"},
	PageTree:     {true, "重新輸出 PDF：這個檔案的頁面目錄互相循環或無法讀取", "Export the PDF again: the page list of this file runs in a circle or cannot be read"},
	PageCount:    {true, "重新輸出 PDF：檔案記載 %d 頁，實際有 %d 頁", "Export the PDF again: the file says %d pages but has %d"},
	TooManyPages: {true, "分成較小的檔案再上傳：這個檔案超過 %d 頁", "Split it into smaller files: this file has more than %d pages"},
	PageBox:      {true, "重新輸出 PDF：第 %d 頁沒有圖紙尺寸", "Export the PDF again: page %d has no paper size"},
	PageTooLarge: {true, "縮小圖紙尺寸後重新輸出：第 %d 頁的邊長超過 5.08 公尺", "Export again on smaller paper: a side of page %d is longer than 5.08 m"},
	PageTooSmall: {true, "用正確的圖紙尺寸重新輸出：第 %d 頁的邊長不到 12.7 公釐", "Export again with the right paper size: a side of page %d is shorter than 12.7 mm"},
	UserUnit:     {true, "以 1:1 的圖紙尺寸重新輸出：第 %d 頁使用放大的長度單位（UserUnit）", "Export again at true paper size: page %d uses an enlarged unit of length (UserUnit)"},
	TooHeavy:     {true, "分成較小的檔案或簡化圖形後再上傳：這個檔案太複雜，無法在時限內讀完", "Split or simplify the file: it is too complex to be read in the time allowed"},
	Bomb:         {true, "重新輸出 PDF：這個檔案解壓縮後大得異常", "Export the PDF again: the file grows to an abnormal size when unpacked"},
	Script:       {true, "移除程式碼後重新輸出：這個檔案含有 JavaScript", "Remove the script and export again: this file contains JavaScript"},
	XFA:          {true, "列印成 PDF 再上傳：這個檔案是動態表單（XFA），審查者看不到內容", "Print it to PDF and upload that: this file is a dynamic form (XFA) which the officer cannot see"},
	Launch:       {true, "移除動作後重新輸出：這個檔案會開啟其他程式、檔案或傳送資料", "Remove the actions and export again: this file opens other programs or files, or sends data"},
	Embedded:     {true, "把附件分開上傳：這個檔案內夾帶其他檔案", "Upload the attachments separately: other files are embedded in this file"},
	Unusual:      {false, "確認預覽圖與原圖相同：這個檔案有些地方不合 PDF 標準", "Check that the preview matches your drawing: parts of this file do not follow the PDF standard"},
	FontMissing:  {false, "輸出時請嵌入字型：「%s」沒有嵌入，其他電腦可能顯示不同的字", "Embed the fonts when exporting: “%s” is not embedded and may look different elsewhere"},
}
