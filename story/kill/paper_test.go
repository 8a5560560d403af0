package kill

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// paper is a small A3 sheet that nobody has drawn before, made heavier by so many bytes.
func paper(rnd *rand.Rand, weight int) []byte {
	strokes := fmt.Sprintf("1 w %d %d m %d %d l S\n", rnd.IntN(1000), rnd.IntN(800), rnd.IntN(1000), rnd.IntN(800))
	ballast := make([]byte, weight)
	for i := range ballast {
		ballast[i] = byte(rnd.UintN(26)) + 'a'
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1190.55 841.89]/Resources<<>>/Contents 4 0 R>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(strokes), strokes),
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(ballast), ballast),
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}
