module cloudbm/tools/assets

go 1.26

require github.com/evanw/esbuild v0.28.2 // indirect
